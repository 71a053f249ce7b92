import kafka from './kafka.js';
import pubsub from './pubsub.js';
import sqs from './sqs.js';

export default [sqs, pubsub, kafka];
