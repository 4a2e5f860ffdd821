/** A text message in words. */
export type TextMessage = {
  /** The same each time it is tried: receivers know a repetition by it. */
  readonly id: string;
  /** A number in E.164. */
  readonly to: string;
  readonly text: string;
  readonly writtenAt: Date;
};

/** What takes text messages away. */
export abstract class SmsSender {
  /**
   * Returns when the message is in other hands. Throws when it is not, or may not be: NotTaken, or what the file system
   * says; `smsFailureOf` tells what that means.
   */
  abstract send(message: TextMessage): Promise<void>;
}
