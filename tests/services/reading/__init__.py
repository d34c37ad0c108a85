"""Reading services: what one person sees of a formation."""
