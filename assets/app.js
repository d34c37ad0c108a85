// Everything works without this file; it only makes the parts of GOV.UK Frontend livelier.
import { initAll } from '/static/govuk-frontend.js'

initAll()
