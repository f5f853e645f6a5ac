"""In which forms do layers and register leave the atlas?"""
