/** The reader of our output has gone (`| head`): not a failure, the command ends quietly with 0. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}
