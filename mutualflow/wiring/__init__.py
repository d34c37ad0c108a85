"""The one place that builds things: settings, engine, law, documents, press and channels put together."""
