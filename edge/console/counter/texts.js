// What the counter says: tickets, entries, bills, exits. One place, so that another language is another file.
export const texts = {
  titles: { entry: "Entry: a new ticket", enter: "Entry scan", exit: "Exit" },
  ticket: {
    vehicle: "Vehicle number", owner: "Owner's name", zone: "Zone", gate: "Open the barrier of",
    issue: "Issue a ticket", another: "Next vehicle", print: "Print the ticket",
    zoneFree: (name, free, rate) => `${name}: ${free} free, ₹${rate} an hour`,
    zoneFull: (name) => `${name}: full`,
    closed: "closed", noZones: "No zone is open",
    issued: (slot) => `Slot ${slot} is reserved. Please scan the ticket at the entry`,
    entered: (slot) => `Slot ${slot}. The barrier opens`,
    slot: "Slot", keep: "Please keep this ticket. You need it to leave.",
    hint: "As on the plate; blanks and dashes do not matter",
  },
  enter: {
    code: "Ticket", scan: "Scan the ticket, or type its code", submit: "Let in",
    vehicle: "Vehicle number, to compare", done: (vehicle) => `${vehicle || "The vehicle"} is in`,
    at: "Entry", slot: "Slot", zone: "Zone", next: "The next ticket can be scanned",
  },
  find: {
    label: "Ticket, plate or slot", scan: "Scan the ticket, or type its code, a plate or a slot", submit: "Show the bill",
    noteLost: "The car is here and its ticket is gone?",
  },
  bill: {
    title: (vehicle) => `Bill of ${vehicle || "an unknown vehicle"}`, slot: "Slot", entry: "Entry", exit: "Exit", now: "Until now",
    duration: "Duration", hours: "Billed hours", rate: (hours, rate) => `${hours} h at ₹${rate}`, charge: "Charge", paid: "Paid",
    refund: "Refund", due: "To pay", method: "Payment", free: "Nothing to pay",
    tendered: "Cash received", change: (amount) => `Change ${amount}`, tooLittle: (amount) => `${amount} are missing`,
    takeCash: "The money is in the drawer: let out", askOnline: "Ask for an online payment", letOut: "Let out", again: "Next vehicle",
    changed: "The amount has changed meanwhile. This is the new bill",
    done: "Paid. The vehicle may leave", pending: "Waiting for the online payment. Slot and barrier wait with it",
    goodbye: "Nothing was due. The vehicle may leave",
    suspect: {
      negative: "The clock says that this stay ended before it began. Somebody decides how long it was.",
      too_long: "This stay is longer than anybody stays. Somebody decides how long it was.",
      clocks_drifted: "The clock was set during this stay. Somebody decides how long it was.",
    },
    stays: { utc: "By the time of day", steady: "By the running clock" }, stay: "Length of the stay", stayReason: "Why this length",
    whereItWaits: "Where the car waits", otherwise: "Something else", lost: "Ticket lost", letOutUnpaid: "Let out unpaid", terminate: "End and write off", incident: "Note an incident",
  },
  receipt: {
    title: (serial) => `Receipt ${serial}`, pdf: "PDF", print: "Print the receipt", gstin: "GSTIN", sac: "SAC", vehicle: "Vehicle", zone: "Zone",
    slot: "Slot", entry: "Entry", exit: "Exit", surcharge: "Lost ticket", taxable: "Taxable value", cgst: "CGST", sgst: "SGST", total: "Total",
    paid: (method) => `Paid, ${method}`, credit: (serial) => `Credit note ${serial}`, show: "Receipt",
  },
  lost: {
    title: "A lost ticket", about: "The old ticket is void from then on. A fee may be added.", vehicle: "Vehicle number, or a part of it",
    submit: "Make a new ticket", several: "Several are meant. Which one?", choose: "This one", entered: "Inside since", zone: "Zone",
    unknown: "Nobody knows this vehicle", unknownAbout: "Give the time of entry and the zone, and a stay is opened from then", slot: "Slot",
    made: "A new ticket stands for this stay",
  },
  letOut: { title: "Let out unpaid", about: "The arm opens, the stay stays open until its money is confirmed.", gate: "Gate", reference: "Reference of the payment (UTR)", submit: "Let out" },
  terminate: { title: "End this stay and write it off", about: "What is due is written off. No barrier opens.", submit: "End the stay", done: (amount) => `Ended. ${amount} written off` },
};
