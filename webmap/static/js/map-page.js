/** What runs on the map page: first what needs no answer of the server. */

import "./menu.js";
import "./share.js";
import "./map/view-links.js";
import "./presentation/dialog.js";
import "./main.js";
