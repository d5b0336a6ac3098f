"""What makes a definition sound, one noun a file. `engine.definition.check` asks them all."""
