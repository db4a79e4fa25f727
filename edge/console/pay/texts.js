// What a driver reads. One place, so that another language is another file.
export const texts = {
  title: "Your parking",
  unknown: "This stay is not known here. Please look at the address again",
  paid: "Paid. Thank you, drive safely",
  pending: "We are waiting for your payment to be confirmed. This page looks again by itself",
  failed: "The payment did not succeed. Please try again at the exit or at the counter",
  open: "Nothing is paid yet",
  cancelled: "This booking was cancelled",
  expired: "This booking expired. Please book again",
  inside: "You are parked here",
  slot: "Slot", zone: "Zone", vehicle: "Vehicle", entry: "Entry", exit: "Exit", duration: "Duration", soFar: "So far", amountPaid: "Paid", due: "To pay", reference: "Reference",
  ticket: "Your ticket", ticketAbout: "Show this code at the gate",
  payNow: "Pay now",
};
