"""The use cases: what a person or a script can ask of Hjul. One file a noun; each asks the store, decides, records."""
