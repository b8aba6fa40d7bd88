// my.pack.js: a guest's own programme.

import "agenda/kept-slots"
import "agenda/my-order"
import "agenda/my-programme"
