"""How is the atlas drawn? Styles and basemaps are data; compose.py alone imports Folium."""
