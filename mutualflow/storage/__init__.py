"""Rows: tables, the engine, and one module of loads and saves per thing."""
