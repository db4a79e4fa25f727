import { frame, reportTo } from "/assets/common/page.js";
import { drawEnter } from "/assets/counter/enter.js";
import { texts } from "/assets/counter/texts.js";

const main = frame({ title: texts.titles.enter, narrow: true });
drawEnter(main).catch((wrong) => reportTo(main, wrong));
