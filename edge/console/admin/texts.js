// What the administration says. One place, so that another language is another file.
export const texts = {
  title: "Administration",
  sections: {
    dashboard: "Dashboard", revenue: "Revenue", payments: "Payments", refunds: "Refunds", sessions: "Sessions", users: "Users", zones: "Zones", slots: "Slots",
    shifts: "Shifts", exceptions: "Exceptions", alerts: "Alerts", devices: "Devices", scans: "Scans", audit: "Audit", settings: "Settings",
  },
  dashboard: {
    today: (date) => `Today, ${date}`, overall: "Since the beginning", occupancy: "Occupancy", devices: "Devices", alerts: "Open alerts", system: "System",
    bookings: "Bookings", tickets: "Tickets", entries: "Entries", exits: "Exits", revenue: "Revenue", refunds: "Refunds", net: "Net", active: "Inside now", leaving: "About to pay",
    expected: "Expected", sessions: "Sessions", payments: "Payments", users: "Accounts", days: "Revenue of the last 30 days", hours: "Entries by hour, last 30 days",
    free: (free, total) => `${free} of ${total} free`, noAlerts: "No alert is open", service: { store: "Store", broker: "Broker", barriers: "Barriers", payments: "Payments", cloud: "Cloud" },
    parts: { occupied: "occupied", reserved: "reserved", unknown: "unknown", out_of_service: "out of service", free: "free" },
    device: { ok: "well", low_battery: "low battery", fault: "fault", offline: "offline", silent: "silent", never: "never heard" },
    state: { ok: "ok", degraded: "degraded", failing: "failing", down: "down", off: "off" }, day: "Day", amount: "Amount", hour: "Hour", figures: "The same in figures",
  },
  revenue: {
    from: "From", to: "To", group: "By", groups: { hour: "Hour", day: "Day", week: "Week", month: "Month" }, show: "Show", csv: "CSV", total: "Revenue", refunds: "Refunds", net: "Net",
    payments: "Payments", average: "Average stay", target: "Target", reached: "reached", growth: "Against the period before", byZone: "By zone", byMethod: "By method", peak: "Busiest hours",
    zone: "Zone", method: "Method", entries: "Entries", exits: "Exits", hour: "Hour", begins: "Begins", series: "In figures", chart: "Revenue, and refunds beside it", other: "–",
  },
  list: { show: "Show", csv: "CSV", page: (page, pages, total) => `Page ${page} of ${pages}, ${total} in all`, next: "Next", previous: "Previous", any: "All", empty: "Nothing fits",
    more: "More", missing: "This gateway does not offer this yet" },
  columns: {
    when: "When", user: "User", method: "Method", provider: "Provider", amount: "Amount", status: "Status", session: "Session", reason: "Reason", vehicle: "Vehicle", owner: "Owner", zone: "Zone", slot: "Slot",
    entry: "Entry", exit: "Exit", duration: "Duration", charged: "Charge", paid: "Paid", due: "Due", name: "Name", role: "Role", rights: "Rights", active: "Active", email: "E-mail", phone: "Phone",
    rate: "Rate", total: "Slots", available: "Free", kind: "Kind", place: "Place", heard: "Heard", battery: "Battery", firmware: "Firmware", gate: "Gate", code: "Code", decision: "Decision",
    severity: "Severity", subject: "About", message: "What", cleared: "Cleared", float: "Float", expected: "Expected", counted: "Counted", over: "Over", short: "Short", number: "Number",
    opened: "Opened", closed: "Closed", action: "Action", outcome: "Outcome", address: "Address", resolved: "Resolved", created: "Created", target: "About", detail: "Details", reference: "Provider's id",
  },
  filters: {
    from: "From", to: "To", method: "Method", provider: "Provider", status: "Status", zone: "Zone", vehicle: "Vehicle", search: "Search", user: "User", kind: "Kind", severity: "Severity",
    open: "Open", gate: "Gate", decision: "Decision", state: "State", role: "Role", action: "Action", outcome: "Outcome", resolved: "Resolved", yes: "yes", no: "no",
  },
  acts: {
    refund: "Refund", refundTitle: (amount) => `Refund of ${amount}`, refundAbout: "Cash is paid out of your own open shift.", amount: "Amount (all of it when empty)",
    receipt: "Receipt", acknowledge: "Acknowledge", acknowledged: "acknowledged", resolve: "Resolve", resolveTitle: "What becomes of this money",
    resolveActs: { apply: "Count it for a session", refund: "Give it back", write_off: "Write it off" }, sessionId: "Session", what: "Action", zReport: "Z report", pdf: "PDF",
    newUser: "New account", editUser: (name) => `Account ${name}`, edit: "Change", remove: "Delete", removeUser: (name) => `Delete ${name}`, erase: "Erase personal data",
    removeUserAbout: "Who has a history is disabled instead.", activity: "Activity", username: "User name", password: "Password (10 characters at least)", newPassword: "New password (empty: as it is)",
    email: "E-mail", phone: "Phone", role: "Role", gate: "Gate of the reader", disabled: "Disabled", mayRefund: "May refund", mayTerminate: "May end sessions", save: "Save",
    newZone: "New zone", editZone: (name) => `Zone ${name}`, removeZone: (name) => `Close or delete ${name}`, removeZoneAbout: "A zone with history is closed, not deleted.", zoneId: "Id", zoneName: "Name",
    rate: "Rate an hour (₹)", contact: "Contact", hours: "Operating hours", location: "Location", isActive: "Open for new vehicles",
    newSlot: "New slot", slotName: "Id", slotNameHint: "Empty: the zone's next number", walkIn: "Takes walk-ins", removeSlot: (name) => `Close or delete ${name}`, removeSlotAbout: "A slot with history is closed, not deleted.",
    maintenance: "Maintenance", maintenanceTitle: (name) => `Take ${name} out of service`, until: "To", since: "From", endMaintenance: "Back into service", done: "Done",
  },
  settings: { about: "What is not listed here stands in lot.toml. A change takes effect within half a minute; an emptied field goes back to lot.toml.", save: "Save", saved: "Saved", shown: "shown only", changed: "changed here", yes: "yes", no: "no", nothing: "Nothing was changed" },
};
