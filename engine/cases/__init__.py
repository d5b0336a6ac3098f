"""How one running instance moves: cases, events, decisions. Pure: no clock, no SQL, no I/O."""
