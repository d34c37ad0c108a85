"""Documents: source and material -> document model -> page and PDF."""
