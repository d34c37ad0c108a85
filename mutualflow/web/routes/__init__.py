"""One module per room of the site; each has `rooms`, whose every route says who may come in (mutualflow.web.site)."""
