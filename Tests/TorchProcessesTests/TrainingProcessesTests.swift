import RunSupport
import Testing
import TorchCore

@testable import TorchProcesses

/// A single process; several are tested as commands (SeveralProcessesTests).
@Suite struct TrainingProcessesTests {
  @Test func aSingleProcessGetsBackWhatItGave() throws {
    let alone = TrainingProcesses()
    #expect(alone.isFirst && alone.count == 1)
    let tensor = try Tensor([1, 2] as [Float], shape: [2])
    try alone.sum([tensor])
    try alone.broadcast([tensor])
    try alone.average {
      Issue.record("gradients are gathered for nothing")
      return []
    }
    try alone.checkSimilar([tensor])
    try alone.checkSame("key", "text", else: "differs")
    #expect(try tensor.floats() == [1, 2])
    #expect(try alone.sums([3, 4]) == [3, 4])
    #expect(try alone.any(true) && !alone.any(false))
    #expect(try alone.first("key") { "made" } == "made")
    #expect(try alone.device(.cpu) == .cpu)
    try alone.finish()
    struct Fault: Error {}
    #expect(alone.explained(Fault()) is Fault)
  }

  @Test func aBatchIsSharedEvenly() throws {
    #expect(try TrainingProcesses().slice(ofBatch: 7) == 0..<7)
  }
}
