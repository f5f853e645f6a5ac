/** What did the server tell the page of the map? Its settings, see webmap/views/map.py; stands in the head. */

const told = document.querySelector("script[data-configuration]");

export const config = JSON.parse(told.textContent);
/** The address of the layers that the map shows at first, in one answer; none where the address asks for others. */
export const together = told.dataset.firstLayers;
/** Whether a guided tour leads over the map. */
export const tourLeads = told.dataset.tourLeads !== undefined;
