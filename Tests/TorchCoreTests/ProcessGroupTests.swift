import Testing
import TorchCore
import TorchTestSupport

@Suite(.serialized) struct ProcessGroupTests {
  @Test(arguments: [2, 3]) func sumsMeansAndCopies(count: Int) throws {
    let results = try asProcesses(count) { group -> [[Float]] in
      let mine = Float(group.rank + 1)
      // Different shapes and layouts travel in one message.
      let flat = try Tensor([mine, 10 * mine], shape: [2])
      let image = try Tensor((0..<24).map { Float($0) * mine }, shape: [1, 2, 3, 4]).channelsLast()
      try group.reduce([flat, image])
      let mean = try Tensor([mine], shape: [1])
      try group.reduce([mean], average: true)
      let copied = try Tensor([mine, -mine], shape: [2])
      try group.broadcast([copied], from: count - 1)
      try group.wait()
      return try [flat.floats(), image.floats(), mean.floats(), copied.floats()]
    }
    let sum = Float(count * (count + 1) / 2)
    for result in results {
      #expect(result[0] == [sum, 10 * sum])
      #expect(result[1] == (0..<24).map { Float($0) * sum })
      #expect(result[2] == [sum / Float(count)])
      #expect(result[3] == [Float(count), -Float(count)])
    }
  }

  @Test func numbersAndTheStore() throws {
    let results = try asProcesses(2) { group -> [String] in
      let sums = try group.sums([Double(group.rank), 0.5])
      if group.rank == 1 { try group.set("from 1", to: "words with blanks") }
      try group.wait()
      return try ["\(sums)", group.value(of: "from 1") ?? "-", group.value(of: "never") ?? "-"]
    }
    #expect(
      results == [
        ["[1.0, 1.0]", "words with blanks", "-"], ["[1.0, 1.0]", "words with blanks", "-"],
      ])
  }

  /// What remains gets an error, not a wait, and still reads the store.
  @Test func whenOneLeavesTheOthersFail() throws {
    let results = try asProcesses(2) { group -> [String] in
      // One that leaves before the other has found it is another fault: no one could meet it.
      _ = try group.sums([1])
      if group.rank == 1 {
        try group.set("last words", to: "bye")
        group.leave()
        return []
      }
      let tensor = try Tensor.ones([1000])
      do {
        // The first sum may still fit into buffers of a connection that is being closed.
        for _ in 0..<3 { try group.reduce([tensor]) }
        return ["no error"]
      } catch {
        return ["\(group.hasFailed)", try group.value(of: "last words") ?? "-"]
      }
    }
    #expect(results[0] == ["true", "bye"])
  }

  @Test func aProcessThatDoesNotComeIsNamed() throws {
    let port = try freePort()
    #expect {
      try ProcessGroup(
        .init(host: "127.0.0.1", port: port, rank: 0, count: 2, servesStore: true),
        joinSeconds: 3, operationSeconds: 10)
    } throws: { "\($0)".contains("process 1 of 2 did not come") }
  }
}
