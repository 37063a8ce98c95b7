/** Why a text is not JSON, in the words of Newtonsoft.Json. */
export class JsonProblem extends Error {
  /** The exception that .NET throws for it. */
  readonly type: 'JsonReaderException' | 'JsonSerializationException' | 'JsonWriterException';

  constructor(message: string, type: JsonProblem['type'] = 'JsonReaderException') {
    super(message);
    this.type = type;
  }
}
