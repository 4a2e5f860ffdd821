/** Text as a picture that a telephone reads. */
export abstract class QrCodes {
  /** A PNG, as a data URL. */
  abstract draw(text: string): Promise<string>;
}
