"""Pathways: data files of stages, forms and questions, and the compiler that reads them."""
