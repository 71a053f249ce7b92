"""A cluster of Kafka on loopback: the one that librdkafka has for tests, which has nothing to do with the client of Patchbay.

kafka-cluster.py BROKERS   prints its addresses; then a command a line on stdin, each answered by a line:
  topic NAME PARTITIONS    makes a topic
  down BROKER, up BROKER   closes and opens its port; what it has stays. Brokers are numbered from 1
  refuse TOPIC ERROR       whoever asks for a topic is told an error, by its number in the protocol
  fail API ERROR COUNT     the next requests of an API fail with an error, both by their numbers
It ends with its stdin.
"""
import ctypes
import sys

kafka = ctypes.CDLL('librdkafka.so.1')
kafka.rd_kafka_new.restype = kafka.rd_kafka_mock_cluster_new.restype = ctypes.c_void_p
kafka.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
kafka.rd_kafka_mock_topic_set_error.restype = kafka.rd_kafka_mock_push_request_errors.restype = None
reason = ctypes.create_string_buffer(512)
client = kafka.rd_kafka_new(0, None, reason, ctypes.c_size_t(len(reason)))
cluster = ctypes.c_void_p(kafka.rd_kafka_mock_cluster_new(ctypes.c_void_p(client), int(sys.argv[1])))
# Only versions that its own client speaks are made with care: ListOffsets 4 and 5 of librdkafka 2.0 have eight bytes where the protocol has four,
# and newer ones close the connection at versions of the group's requests that it does not use.
most = {'Fetch': (1, 11), 'ListOffsets': (2, 3), 'OffsetCommit': (8, 7), 'OffsetFetch': (9, 5), 'JoinGroup': (11, 5), 'Heartbeat': (12, 3), 'LeaveGroup': (13, 1), 'SyncGroup': (14, 3)}
for api, version in most.values():
    kafka.rd_kafka_mock_set_apiversion(cluster, ctypes.c_int16(api), ctypes.c_int16(0), ctypes.c_int16(version))

commands = {
    'topic': lambda name, partitions: kafka.rd_kafka_mock_topic_create(cluster, name.encode(), int(partitions), 1),
    'down': lambda broker: kafka.rd_kafka_mock_broker_set_down(cluster, int(broker)),
    'up': lambda broker: kafka.rd_kafka_mock_broker_set_up(cluster, int(broker)),
    'refuse': lambda topic, error: kafka.rd_kafka_mock_topic_set_error(cluster, topic.encode(), int(error)) or 0,
    'fail': lambda api, error, count: kafka.rd_kafka_mock_push_request_errors(cluster, ctypes.c_int16(int(api)), ctypes.c_size_t(int(count)), *[ctypes.c_int(int(error))] * int(count)) or 0,
}

print(kafka.rd_kafka_mock_cluster_bootstraps(cluster).decode(), flush=True)
for line in sys.stdin:
    name, *rest = line.split()
    print(commands[name](*rest), flush=True)
