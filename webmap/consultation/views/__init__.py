"""Which pages does a consultation have? One file for each kind of person and page."""
