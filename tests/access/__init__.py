"""Who may see what: the rule, the rule as SQL, and an oracle written apart from both."""
