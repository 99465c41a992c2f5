import Foundation
import TestSupport
import Testing

@testable import TorchCore

@Suite struct RuntimeTests {
  /// In a process of its own, because handles are counted for the whole process.
  @Test func nothingLeaks() async {
    await #expect(processExitsWith: .success) {
      func exercise() throws {
        let random = try RandomGenerator(seed: 1, .testInput)
        let w = try random.normal([4, 4]).requireGradient()
        let x = try random.normal([3, 4])
        let loss = try x.matmul(w).relu().mean()
        try loss.backward()
        try w.clearGradient()
        let first = try gradients(of: x.matmul(w).square().sum(), for: [w, w], createGraph: true)
        try #require(first[0]).sum().backward()
        _ = try x.sorted(0)
        _ = try x.narrow(0, from: 0, length: 3).matmul(w).qr()
        _ = try w.matmul(w).detached().symmetricEigenvalues()
        _ = try Tensor.concatenate(x.split(1, parts: 2), 0).values(Float.self)
        _ = try? x.matmul(x)  // a failure leaks nothing either
        _ = try? Tensor([1] as [Float], shape: [2])
        try random.restore(random.state())
      }
      try exercise()
      let before = Runtime.liveHandles
      for _ in 0..<10 { try exercise() }
      try #require(Runtime.liveHandles == before)
      let kept = try Tensor.ones([2])
      try #require(Runtime.liveHandles == before + 1)
      withExtendedLifetime(kept) {}
    }
  }

  @Test func versionAndThreads() {
    #expect(Runtime.libTorchVersion.hasPrefix("2."))
    #expect(Runtime.threads >= 1)
  }

  @Test func theCPUHasNoMemoryFigures() throws {
    let memory = try Runtime.memoryBytes(.cpu)
    #expect(memory.now == 0 && memory.peak == 0)
    try Runtime.synchronize(.cpu)
  }
}

@Suite struct DeviceTests {
  @Test func names() throws {
    for choice in [DeviceChoice.auto, .cpu, .cuda(nil), .cuda(3)] {
      #expect(DeviceChoice("\(choice)") == choice)
      #expect(DeviceChoice("\(choice)".uppercased()) == choice)
    }
    #expect(try Device(.cpu) == .cpu)
    #expect("\(Device.cpu)" == "cpu" && "\(Device.cuda(2))" == "cuda:2")
    let auto = try Device(.auto)
    #expect(auto == (Runtime.loadCUDA() ? .cuda(0) : .cpu))
  }

  @Test(arguments: ["gpu", "", "cuda:", "cuda:x", "cuda:-1", "cuda:0:0", "cpu:1", ":0"])
  func unknownNames(name: String) {
    #expect(DeviceChoice(name) == nil)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([DeviceChoice].self, from: JSONEncoder().encode([name]))
    }
    #expect("\(error as Any)".contains("auto, cpu, cuda or cuda:N"))
  }

  @Test(.enabled(if: !Runtime.loadCUDA(), "only where there is no GPU"))
  func cudaWhereThereIsNoneNamesTheRemedy() {
    for choice in [DeviceChoice.cuda(nil), .cuda(0), .cuda(99_999_999_999)] {
      let error = #expect(throws: TorchError.self) { try Device(choice) }
      #expect(error?.description.contains("setup.sh --cuda") == true)
      #expect(error?.description.contains("device: cpu") == true)
    }
    #expect(Runtime.cudaLoadFailure?.isEmpty == false)
    #expect(throws: TorchError.self) { try Tensor.ones([1], device: .cuda(0)) }
    #expect(throws: TorchError.self) { try RandomGenerator(seed: 1, .testInput, device: .cuda(0)) }
  }

  @Test(.tags(.gpu), .enabled(if: Runtime.loadCUDA(), "needs a GPU"))
  func indicesBeyondTheLastGPU() {
    #expect(throws: TorchError.self) { try Device(.cuda(Runtime.cudaDeviceCount)) }
  }
}
