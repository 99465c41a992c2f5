import RunSupport
import Testing

@Suite struct LaunchEnvironmentTests {
  let torchrun = [
    "RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "MASTER_ADDR": "node1",
    "MASTER_PORT": "29500", "TORCHELASTIC_USE_AGENT_STORE": "True",
    "TORCHELASTIC_RESTART_COUNT": "2",
  ]
  let slurm = [
    "SLURM_PROCID": "5", "SLURM_NTASKS": "8", "SLURM_STEP_NUM_TASKS": "8", "SLURM_LOCALID": "1",
    "MASTER_ADDR": "node1", "MASTER_PORT": "29500",
  ]

  @Test func torchrunIsRead() throws {
    let launch = try #require(try LaunchEnvironment(torchrun))
    #expect(launch.rank == 3 && launch.count == 4 && launch.localRank == 1)
    #expect(launch.host == "node1" && launch.port == 29500)
    #expect(launch.agentServesStore && launch.restart == 2)
  }

  @Test func variablesSetByHandAreEnough() throws {
    let launch = try #require(
      try LaunchEnvironment([
        "RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500",
      ]))
    #expect(launch.localRank == 1 && !launch.agentServesStore && launch.restart == 0)
  }

  @Test func srunIsReadAndTorchrunComesFirst() throws {
    let launch = try #require(try LaunchEnvironment(slurm))
    #expect(launch.rank == 5 && launch.count == 8 && launch.localRank == 1)
    #expect(!launch.agentServesStore)
    let both = try #require(try LaunchEnvironment(slurm.merging(torchrun) { $1 }))
    #expect(both.count == 4)
  }

  @Test func aProcessAloneIsAlone() throws {
    #expect(try LaunchEnvironment([:]) == nil)
    // sbatch without srun, and srun of one task.
    #expect(try LaunchEnvironment(["SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == nil)
    #expect(
      try LaunchEnvironment(["SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "1"]) == nil)
    #expect(try LaunchEnvironment(["RANK": "0", "WORLD_SIZE": "1"])?.count == 1)
  }

  @Test func whatDoesNotFitIsNamed() {
    func message(_ change: [String: String?], of base: [String: String]) -> String {
      var environment = base
      for (key, value) in change { environment[key] = value }
      do {
        _ = try LaunchEnvironment(environment)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message(["MASTER_ADDR": nil], of: slurm).contains("MASTER_ADDR"))
    #expect(message(["MASTER_ADDR": nil], of: torchrun).contains("4 processes"))
    #expect(message(["MASTER_PORT": nil], of: torchrun).contains("MASTER_PORT is not set"))
    #expect(message(["MASTER_PORT": "0"], of: torchrun).contains("MASTER_PORT is 0"))
    #expect(message(["RANK": "4"], of: torchrun).contains("RANK is 4 and WORLD_SIZE is 4"))
    #expect(message(["RANK": nil], of: torchrun).contains("RANK is not set"))
    #expect(message(["WORLD_SIZE": "two"], of: torchrun).contains("WORLD_SIZE is 'two'"))
  }
}
