// The part of the proof that `gatehouse audit` gives which is about the counter: drawers and what
// staff decided. For audit.cpp. Each rule returns a sentence for every row that breaks it.
#pragma once

#include <string_view>

namespace gatehouse::store {

inline constexpr std::string_view staff_rules[] = {
    "SELECT 'shift ' || key || ' should hold ' || should || ' paise before its count, and its "
    "drawer '"
    "  || 'stands at ' || holds FROM (SELECT s.key, s.float_paise "
    "    + (SELECT coalesce(sum(amount_paise), 0) FROM payments "
    "       WHERE shift = s.key AND paid_at IS NOT NULL) "
    "    - (SELECT coalesce(sum(amount_paise), 0) FROM refunds "
    "       WHERE shift = s.key AND status = 'SUCCESS') AS should, "
    "    (SELECT coalesce(sum(iif(debit = 'drawer', amount_paise, -amount_paise)), 0) FROM ledger "
    "     WHERE shift = s.key AND cause NOT IN ('shift_closed', 'correction')) AS holds "
    "  FROM shifts AS s) WHERE should <> holds",

    "SELECT 'shift ' || s.key || ' is closed and its drawer stands at ' "
    "  || sum(iif(l.debit = 'drawer', l.amount_paise, -l.amount_paise)) || ' paise' "
    "FROM shifts AS s JOIN ledger AS l ON l.shift = s.key WHERE s.closed_at IS NOT NULL "
    "GROUP BY s.key HAVING sum(iif(l.debit = 'drawer', l.amount_paise, -l.amount_paise)) <> 0",

    "SELECT 'shift ' || key || ' counted ' || counted_paise || ' paise, and ' || handed "
    "  || ' went to the safe' FROM (SELECT s.key, s.counted_paise, "
    "    (SELECT coalesce(sum(amount_paise), 0) FROM ledger "
    "     WHERE shift = s.key AND cause = 'shift_closed' AND debit = 'safe') AS handed "
    "  FROM shifts AS s WHERE s.closed_at IS NOT NULL) WHERE counted_paise <> handed",

    "SELECT 'ledger row ' || key || ' moves money from ' || credit || ' to ' || debit || ' as ' "
    "  || cause FROM ledger "
    "WHERE (debit IN ('safe', 'over_short') OR credit IN ('safe', 'over_short')) "
    "AND cause NOT IN ('shift_opened', 'shift_closed', 'correction')",

    "SELECT 'ledger row ' || key || ' touches a drawer and names no shift' FROM ledger "
    "WHERE (debit = 'drawer' OR credit = 'drawer') AND shift IS NULL",

    // By their order: the clock may have been set in between.
    "SELECT 'ledger row ' || l.key || ' moves money in the drawer of shift ' || l.shift "
    "  || ' after its count' FROM ledger AS l "
    "WHERE l.shift IS NOT NULL AND l.cause NOT IN ('shift_closed', 'correction') AND l.key > "
    "  (SELECT min(key) FROM ledger WHERE shift = l.shift AND cause = 'shift_closed')",

    "SELECT 'payment ' || p.id || ' is of shift ' || p.shift || ', and stands in the drawer of '"
    "  || coalesce(l.shift, 'none') FROM payments AS p JOIN ledger AS l ON l.payment = p.key "
    "WHERE p.method = 'CASH' AND l.cause = 'payment_captured' AND l.shift IS NOT p.shift",

    "SELECT 'session ' || s.key || ' was TERMINATED, and nobody said why' FROM sessions AS s "
    "WHERE s.status = 'TERMINATED' AND NOT EXISTS "
    "  (SELECT 1 FROM staff_acts WHERE session = s.key AND kind = 'terminated')",

    "SELECT 'session ' || s.key || ' was let out unpaid, and nobody said why' FROM sessions AS s "
    "WHERE s.let_out_at IS NOT NULL AND NOT EXISTS "
    "  (SELECT 1 FROM staff_acts WHERE session = s.key AND kind = 'let_out')",

    "SELECT 'session ' || s.key || ' is billed by a length that nobody chose' "
    "FROM sessions AS s WHERE s.chosen_stay_ms IS NOT NULL AND NOT EXISTS "
    "  (SELECT 1 FROM staff_acts WHERE session = s.key AND kind = 'stay_chosen')",

    "SELECT 'session ' || s.key || ' is charged ' || s.surcharge_paise "
    "  || ' paise for a ticket that nobody called lost' FROM sessions AS s "
    "WHERE s.surcharge_paise > 0 AND NOT EXISTS "
    "  (SELECT 1 FROM staff_acts WHERE session = s.key AND kind = 'lost_ticket')",

    "SELECT 'session ' || s.key || ' is ' || s.status || ', and was ended by staff' "
    "FROM staff_acts AS a JOIN sessions AS s ON s.key = a.session "
    "WHERE a.kind = 'terminated' AND s.status <> 'TERMINATED'",

    // An hour of grace: a lot that was switched off finds it at its start.
    "SELECT 'session ' || s.key || ' was let out unpaid for more than a day, and waits for nobody' "
    "FROM sessions AS s, heartbeat WHERE s.let_out_at IS NOT NULL AND s.is_open = 1 "
    "AND heartbeat.at - s.let_out_at > 25 * 3600000 AND NOT EXISTS "
    "  (SELECT 1 FROM exceptions WHERE session = s.key AND kind = 'let_out_unpaid')",

    "SELECT 'exception ' || e.id || ' waits, and session ' || s.key || ' is ' || s.status "
    "FROM exceptions AS e JOIN sessions AS s ON s.key = e.session "
    "WHERE e.kind = 'let_out_unpaid' AND e.resolved_at IS NULL AND s.is_open = 0",

    "SELECT 'session ' || s.key || ' is TERMINATED, and ' || l.amount_paise "
    "  || ' paise were promised back of it' FROM ledger AS l JOIN sessions AS s ON s.key = "
    "l.session "
    "WHERE s.status = 'TERMINATED' AND l.cause = 'terminated_stay' AND l.credit = 'refunds_due'",

    "SELECT 'the Z reports are ' || count(*) || ' and numbered ' || min(z_number) || ' to ' "
    "  || max(z_number) FROM shifts WHERE closed_at IS NOT NULL "
    "HAVING count(*) > 0 AND (min(z_number) <> 1 OR max(z_number) <> count(*) "
    "                         OR count(DISTINCT z_number) <> count(*))",
};

}  // namespace gatehouse::store
