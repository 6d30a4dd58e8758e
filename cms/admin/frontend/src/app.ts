// What every page of the web application loads: htmx, and the small elements that make a page that
// works without them pleasanter.
import 'htmx.org'
import './page'
import './palette'
import './passages'
import './passkey'
import './media'
