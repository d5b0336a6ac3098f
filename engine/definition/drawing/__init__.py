"""A process as a picture. `flow` says what is drawn, `layer` and `place` where, `route` the lines, `svg` draws."""
