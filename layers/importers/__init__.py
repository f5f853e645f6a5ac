"""How does a geometry that somebody brings as a file enter? Read apart, recognised, made fit."""
