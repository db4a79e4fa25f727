// What the staff's desk says. One place, so that another language is another file.
export const texts = {
  title: "Staff desk",
  sections: { counter: "Counter", lanes: "Lanes", sessions: "Sessions", slots: "Slots", shift: "Shift", incidents: "Incidents", alerts: "Alerts" },
  newTicket: "New ticket", entryScan: "Entry scan",
  lanes: {
    direction: { entry: "Entry", exit: "Exit", both: "Entry and exit" }, noBarrier: "No barrier: cars are waved through",
    state: { closed: "Closed", opening: "Opening", open: "Open", closing: "Closing", held: "Held open", locked: "Locked", fault: "Fault", unreachable: "Unreachable" },
    present: "A car stands in front of the arm", under: "A car is under the arm", nobody: "No car in the lane",
    waiting: "Waits", bill: "Bill", decisions: "Last decisions", none: "No decision yet",
    acts: { open: "Open", close: "Close", hold: "Hold open", lock: "Lock", release: "Release" },
    why: (act, gate) => `${act}: ${gate}`, told: "The barrier was told", untouched: "No session is touched by this.",
    emergency: "Emergency: open everything", emergencyAbout: "Raises every arm and holds it. Only an administrator releases them.", emergencySubmit: "Open everything",
  },
  sessions: {
    vehicle: "Vehicle", slot: "Slot", zone: "Zone", status: "Status", entry: "Entry", duration: "Duration", soFar: "So far", due: "Due", overstay: "overstay",
    bill: "Bill", all: "All zones", filterZone: "Zone", filterStatus: "Status", anyStatus: "All", count: (total) => `${total} open`, empty: "Nobody is here and nobody is expected",
    more: "Next page", less: "Previous page", page: (page, pages) => `Page ${page} of ${pages}`,
  },
  slots: {
    slot: "Slot", zone: "Zone", status: "Status", since: "Since", vehicle: "Vehicle", sensor: "Sensor", discrepancy: "Discrepancy",
    wrong: "Sensor and books disagree", right: "Sensors and books agree everywhere", all: "All slots",
    says: { car_without_session: "A car without a session", taken_before_entry: "Taken before the entry", session_without_car: "A session without a car" },
    status_words: { free: "free", occupied: "occupied", reserved: "reserved", unknown: "unknown", out_of_service: "out of service" },
    sensor_words: { none: "none", free: "free", occupied: "occupied", unknown: "silent" }, battery: (percent) => `${percent} %`, incident: "Note an incident",
    free: (free, total) => `${free} of ${total} free`,
  },
  shift: {
    none: "No shift is open", open: "Open a shift", float: "Cash in the drawer (float)", opened: "Open since", user: "Who", number: "Z number",
    expected: "Should be in the drawer", counted: "Counted", over: "Over", short: "Short", close: "Close the shift", count: "Cash in the drawer, counted",
    countAbout: "Count first, then look at what should be there.", title: "Your shift", zTitle: (number) => `Z report ${number}`, closed: "Closed", print: "Print the Z report",
    fits: "The drawer fits", takings: (method) => `${method}: payments`, refunds: (method) => `${method}: refunds`, acts: "Out of the ordinary",
    lost_tickets: "Lost tickets", stays_chosen: "Lengths chosen", let_outs: "Let out unpaid", terminations: "Ended and written off", openings_by_hand: "Barriers by hand",
    earlier: "An earlier shift", earlierNumber: "Number of the shift", show: "Show", notes: "payments",
  },
  incidents: {
    kind: "Kind", description: "What happened", gate: "Gate", slot: "Slot", vehicle: "Vehicle number", submit: "Note it", noted: "Noted", when: "When", who: "Who", none: "Nothing happened yet",
    kinds: { accident: "Accident", damage: "Damage", theft: "Theft", dispute: "Dispute", equipment: "Equipment", unauthorised_parking: "Unauthorised parking", safety: "Safety", other: "Other" },
    new: "A new incident", log: "Log",
  },
  alerts: { kind: "Kind", severity: "Severity", subject: "About", message: "What", when: "Since", none: "No alert is open", severities: { info: "info", warning: "warning", critical: "critical" } },
};
