import { frame, reportTo } from "/assets/common/page.js";
import { drawFind } from "/assets/counter/find.js";
import { texts } from "/assets/counter/texts.js";

const main = frame({ title: texts.titles.exit, narrow: true });
drawFind(main).catch((wrong) => reportTo(main, wrong));
