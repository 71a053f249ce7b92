// Posts of WordPress, drafts included, as a CSV file; and titles that go back, to posts that are there or are not there yet.
import { basename, dirname } from 'node:path';

const column = (name, from = name) => ({ from, to: name });

export default ({ api, list, username, applicationPassword, output, upsert }, phase) => {
  const { pathname, searchParams } = new URL(list, 'http://localhost');
  return {
    secrets: { 'wordpress/password': applicationPassword },
    command: phase === 'list-to-csv' ? ['run', 'posts-to-csv'] : ['run', 'titles-to-posts', '--input', 'titles.json'],
    files: {
      'titles.json': upsert.input,
      'connectors/wordpress.connector.json': {
        version: 1, title: 'WordPress', baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description: 'Address of the API.', required: true } }, auth: { password: { type: 'basic' } },
        endpoints: {
          'posts.list': { title: 'Posts', direction: 'receive', method: 'GET', path: pathname, query: Object.fromEntries(searchParams), pagination: { type: 'header-link' } },
          'posts.find': {
            title: 'Posts of a slug', direction: 'receive', method: 'GET', path: pathname, query: { context: 'edit', status: 'any', slug: '{{ params.slug }}' },
            params: { slug: { type: 'string', title: 'Slug', description: 'Name of the post in its address.', required: true } },
          },
          'posts.put': {
            title: 'Put a post', direction: 'send', method: 'POST', path: pathname, per: 'record', body: { format: 'json', template: { slug: '{{ payload.slug }}', title: '{{ payload.title }}', status: 'publish' } },
            upsert: { find: 'posts.find', params: { slug: '{{ payload.slug }}' }, update: 'posts.change', with: { id: '{{ record.id }}' } },
          },
          'posts.change': {
            title: 'Change a post', direction: 'send', method: 'POST', path: `${pathname}/{{ params.id }}`, idempotent: true, body: { format: 'json', template: { title: '{{ payload.title }}' } },
            params: { id: { type: 'integer', title: 'Post', description: 'Id of the post.', required: true } },
          },
        },
      },
      'instances/wordpress.instance.json': { version: 1, connector: 'wordpress', settings: { url: api }, credentials: { user: username, password: { $secret: 'wordpress/password' } } },
      'instances/files.instance.json': { version: 1, connector: 'local-files', settings: { root: dirname(output) } },
      'flows/posts-to-csv.flow.json': {
        version: 1, title: 'Posts to CSV', triggers: { hand: { trigger: 'manual' } }, start: 'list',
        steps: {
          list: { shape: 'connector', settings: { instance: 'wordpress', endpoint: 'posts.list' }, next: { out: 'columns' } },
          columns: { shape: 'map', settings: { rules: [column('id'), column('slug'), column('title', 'title.raw'), column('status'), column('date_gmt')] }, next: { out: 'all' } },
          all: { shape: 'merge', next: { out: 'csv' } },
          csv: { shape: 'convert', settings: { to: 'csv', writing: { lineEnd: 'crlf' }, batch: 100_000 }, next: { out: 'put' } },
          put: { shape: 'connector', settings: { instance: 'files', endpoint: 'put', params: { path: basename(output) } } },
        },
      },
      'flows/titles-to-posts.flow.json': {
        version: 1, title: 'Titles to posts', triggers: { hand: { trigger: 'manual' } }, start: 'put',
        steps: { put: { shape: 'connector', settings: { instance: 'wordpress', endpoint: 'posts.put' } } },
      },
    },
  };
};
