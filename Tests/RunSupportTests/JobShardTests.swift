import DurableFiles
import RunSupport
import TestSupport
import Testing

@Suite struct JobShardTests {
  @Test(arguments: [0, 1, 2, 7, 64, 1000], [1, 2, 3, 7, 64, 999])
  func sharesCoverAJobWithoutGapOrOverlap(items: Int, count: Int) throws {
    let ranges = try (0..<count).map { try JobShard($0, of: count).range(of: items) }
    #expect(ranges.flatMap { Array($0) } == Array(0..<items))
    let sizes = ranges.map(\.count)
    #expect(sizes.max()! - sizes.min()! <= 1)
    let dealt = try (0..<items).map { item in
      try (0..<count).count { try JobShard($0, of: count).includes(item) }
    }
    #expect(dealt.allSatisfy { $0 == 1 })
  }

  @Test func hugeJobsDoNotOverflow() throws {
    let last = try JobShard(999, of: 1000).range(of: .max)
    #expect(last.upperBound == .max && last.count == .max / 1000)
  }

  @Test(arguments: ["4/4", "5/4", "-1/4", "1", "1/0", "a/b", "1/2/3", "", "Auto"])
  func whatIsNoShareIsAnError(text: String) {
    #expect(throws: RunError.self) { try JobShard(parsing: text, environment: [:]) }
  }

  @Test(arguments: [
    // srun, torchrun, an array, an array from 1 in steps, and arrays whose tasks start processes.
    (["SLURM_PROCID": "3", "SLURM_STEP_NUM_TASKS": "8", "SLURM_NTASKS": "16"], 3, 8),
    (["RANK": "1", "WORLD_SIZE": "2"], 1, 2),
    (array("5", "0", "9", "10"), 5, 10),
    (array("7", "1", "10", "4").merging(["SLURM_ARRAY_TASK_STEP": "3"]) { $1 }, 2, 4),
    (
      array("2", "0", "3", "4").merging(["SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "5"]) { $1 },
      11, 20
    ),
    (array("2", "0", "3", "4").merging(["RANK": "0", "WORLD_SIZE": "2"]) { $1 }, 4, 8),
    // sbatch without srun: one process, whatever --ntasks says.
    (array("2", "0", "3", "4").merging(["SLURM_PROCID": "0", "SLURM_NTASKS": "5"]) { $1 }, 2, 4),
  ])
  func autoReadsTheEnvironment(_ environment: [String: String], _ index: Int, _ count: Int) throws {
    let shard = try JobShard(parsing: "auto", environment: environment)
    #expect(shard == (try JobShard(index, of: count)))
  }

  @Test func autoNeverGuesses() {
    for environment in [
      [:], ["SLURM_JOB_ID": "1", "SLURM_PROCID": "0", "SLURM_NTASKS": "4"],
      array("3", "0", "7", "3"),  // --array=0,3,7
      array("x", "0", "7", "8"), ["RANK": "2", "WORLD_SIZE": "2"],
    ] {
      #expect(throws: RunError.self, "\(environment)") {
        try JobShard(parsing: "auto", environment: environment)
      }
    }
  }
}

private func array(_ id: String, _ least: String, _ greatest: String, _ count: String)
  -> [String: String]
{
  [
    "SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_MIN": least, "SLURM_ARRAY_TASK_MAX": greatest,
    "SLURM_ARRAY_TASK_COUNT": count,
  ]
}

@Suite struct ShardFoldersTests {
  @Test func sharesHaveFoldersOfTheirOwnThatAreReadTogether() throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    #expect(ShardFolders.path(output, .whole) == output)
    let paths = try (0..<3).map { ShardFolders.path(output, try JobShard($0, of: 3)) }
    #expect(paths[1] == "\(output)/shard-0001-of-0003")
    for path in paths { try AtomicFolder.makeFolders(path) }
    #expect(try ShardFolders.reading(output) == paths)
    #expect(try ShardFolders.reading(paths[0]) == [paths[0]])
  }

  @Test func missingAndMixedSharesAreNamed() throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    for index in [0, 2, 3] {
      try AtomicFolder.makeFolders(ShardFolders.path(output, try JobShard(index, of: 5)))
    }
    // Unfinished shares do not count.
    try AtomicFolder.makeFolders("\(output)/shard-0001-of-0005.partial")
    #expect {
      try ShardFolders.reading(output)
    } throws: { "\($0)".contains("2 of 5 shards are missing: 1, 4") }
    try AtomicFolder.makeFolders(ShardFolders.path(output, try JobShard(1, of: 2)))
    #expect { try ShardFolders.reading(output) } throws: { "\($0)".contains("different numbers") }
  }
}
