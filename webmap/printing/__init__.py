"""How is the atlas printed? A vector PDF at an exact scale, georeferenced, drawn with ReportLab."""
