"""What comes in from files and what goes out to them: command files now, imports and bundles later."""
