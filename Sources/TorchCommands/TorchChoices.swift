import ArgumentParser
import Commands
import GANSampling
import TorchCore

extension MapPrecision: ChoiceArgument {}

extension DeviceChoice: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public static var allValueStrings: [String] { ["auto", "cpu", "cuda", "cuda:N"] }
  public static var defaultCompletionKind: CompletionKind { .list(["auto", "cpu", "cuda"]) }
}
