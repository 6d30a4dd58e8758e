// What every page of the web application loads: htmx, and the small elements that make a page that
// works without them pleasanter.
import 'htmx.org'
import './page'
import './palette'
import './media'
import './passages'
import './passkey'
import './writing'
import './fields'
import './picker'
import './sorting'
import './citations'
import './images'
