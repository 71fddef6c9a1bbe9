/** Folder of stage 03 under `--out`, and its figure. */
export const DESIGN_FOLDER = '03_klue_re_app_design';
export const FLOW_FIGURE = 'flow';
