/** What can be chosen on the page about accessibility? */

import { offerOneKey } from "./one-key.js";

offerOneKey();
