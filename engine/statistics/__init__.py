"""Statistics: numbers in, numbers out. It must not know where they come from or who reads them."""
