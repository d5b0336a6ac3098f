"""Papers: report definitions and the templates that make pages of them."""
