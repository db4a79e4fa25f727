import { frame, reportTo } from "/assets/common/page.js";
import { drawTicketForm } from "/assets/counter/ticket.js";
import { texts } from "/assets/counter/texts.js";

const main = frame({ title: texts.titles.entry, narrow: true });
drawTicketForm(main).catch((wrong) => reportTo(main, wrong));
