// plan.pack.js: the barcamp's plan, as organizers lay it.

import "agenda/plan-ask"
import "agenda/plan-board"
import "agenda/plan-hand"
import "agenda/plan-keys"
import "agenda/plan-layout"
import "agenda/plan-post"
