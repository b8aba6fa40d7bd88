// event.pack.js: what the pages and screens of an event need.

import "agenda/arrange"
import "agenda/event-look"
