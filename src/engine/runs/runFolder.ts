/** The folder of stage 06 below `--out`: a folder for each run, which is where models are found. */
export const TRAINING_FOLDER = '06_klue_re_training';
