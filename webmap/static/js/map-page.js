/** What runs on the map page: first what needs no answer of the server. */

import "./share.js";
import "./map/view-links.js";
import "./presentation/dialog.js";
import "./main.js";
