"""The calendar: working days, statutory time (lag 1930:173), periods, instants. It has no clock."""
