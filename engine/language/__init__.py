"""What the program says: sentences as codes with arguments, and the Swedish and English catalogues."""
